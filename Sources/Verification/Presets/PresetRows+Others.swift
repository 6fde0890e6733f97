extension PresetRows {
    /// Senders that sign fields of the body, with a key pair, or not at all.
    static let others = #"""
        # twilio/twilio-python twilio/request_validator.py
        twilio:
          title: Twilio
          note: The URL is signed too - set url, or a gateway of type public, where a proxy is in front.
          type: twilio
          methods: [POST, GET]

        # discord/discord-interactions-js src/index.ts; a wrong signature must be answered with 401
        discord:
          title: Discord
          header: X-Signature-Ed25519
          algorithm: ed25519
          sign: "{timestamp}{body}"
          encoding: hex
          timestamp: {from: "{header.X-Signature-Timestamp}", unit: s}
          id: "{body.id}"
          body: json
          handshake:
            - name: ping
              when: {body.type: "1", body.application_id: "*"}
              signed: true
              json: {type: 1}
            - name: webhook-ping
              when: {body.type: "0", body.application_id: "*"}
              signed: true
              status: 204

        # sendgrid/sendgrid-python test/unit/test_eventwebhook.py
        sendgrid:
          title: SendGrid
          header: X-Twilio-Email-Event-Webhook-Signature
          algorithm: ecdsa-p256-sha256
          sign: "{timestamp}{body}"
          encoding: base64
          timestamp: {from: "{header.X-Twilio-Email-Event-Webhook-Timestamp}", unit: s}
          body: json

        # documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
        mailgun:
          title: Mailgun
          note: Its signature does not cover the body - the token is taken once, and an allow-list is a good second lock.
          signature: "{body.signature.signature}"
          sign: "{body.signature.timestamp}{body.signature.token}"
          encoding: hex
          timestamp: {from: "{body.signature.timestamp}", unit: s, tolerance: 15m}
          id: "{body.signature.token}"
          once: "{body.signature.token}"
          body: json

        # Adyen/adyen-python-api-library Adyen/util.py; every item of a notification is signed on its own
        adyen:
          title: Adyen (standard webhooks)
          note: Its signature covers the payment's main fields, and not the rest of an item.
          signature: "{item.NotificationRequestItem.additionalData.hmacSignature}"
          sign: "{item.NotificationRequestItem.pspReference}:\
            {item.NotificationRequestItem.originalReference}:\
            {item.NotificationRequestItem.merchantAccountCode}:\
            {item.NotificationRequestItem.merchantReference}:\
            {item.NotificationRequestItem.amount.value}:\
            {item.NotificationRequestItem.amount.currency}:\
            {item.NotificationRequestItem.eventCode}:\
            {item.NotificationRequestItem.success}"
          items: notificationItems
          encoding: base64
          secret_encoding: hex
          id: "{item.NotificationRequestItem.pspReference}"
          body: json

        # docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures
        adyen-platform:
          title: Adyen (balance platform)
          header: hmacsignature
          encoding: base64
          secret_encoding: hex
          body: json

        # awsdocs/amazon-sns-developer-guide doc_source/sns-verify-signature-of-message.md
        sns:
          title: AWS SNS
          note: Name your topics - SNS signs the messages of all its customers with the same key.
          type: sns
          body: json
          handshake:
            - name: SubscriptionConfirmation
              when: {body.Type: SubscriptionConfirmation}
              signed: true
              visit: body.SubscribeURL

        # hookdeck/webhook-skills skills/fusionauth-webhooks
        fusionauth:
          title: FusionAuth
          type: jwt
          header: X-FusionAuth-Signature-JWT
          prefix: ""
          require_exp: false
          body_hash: {claim: request_body_sha256, digest: sha256, encoding: base64}
          body: json

        # plaid.com/docs/api/webhooks/webhook-verification; the keys are fetched with an account, and are put in by hand
        plaid:
          title: Plaid
          note: Plaid hands out its key by an API of its own - put the JWK it answers under public_key.
          type: jwt
          header: Plaid-Verification
          prefix: ""
          algorithms: [ES256]
          require_exp: false
          max_age: 5m
          body_hash: {claim: request_body_sha256, digest: sha256, encoding: hex}
          body: json

        # cloud.google.com/pubsub/docs/authenticate-push-subscriptions [K]
        google-pubsub:
          title: Google Pub/Sub
          type: jwt
          algorithms: [RS256]
          jwks_url: https://www.googleapis.com/oauth2/v3/certs
          issuer: [https://accounts.google.com, accounts.google.com]
          body: json

        # docs.gitlab.com/user/project/integrations/webhooks [K]
        gitlab:
          title: GitLab
          note: It sends the secret itself and does not sign the body - use it over TLS only.
          type: token
          header: X-Gitlab-Token
          id: "{header.X-Gitlab-Webhook-UUID}"
          body: json

        # core.telegram.org/bots/api setWebhook [K]
        telegram:
          title: Telegram
          type: token
          header: X-Telegram-Bot-Api-Secret-Token
          id: "{body.update_id}"
          body: json

        # supabase.com/docs/guides/database/webhooks [K]: the header is one that the webhook's owner adds
        supabase:
          title: Supabase (database webhooks)
          type: token
          header: Authorization
          prefix: "Bearer "
          body: json

        # hookdeck/webhook-skills skills/deepgram-webhooks; the header is not on every callback
        deepgram:
          title: Deepgram
          note: dg-token is the id of an API key and no secret - prefer basic, with name and password in the callback URL.
          type: token
          header: dg-token
          id: "{body.metadata.request_id}"
          body: json

        # microsoftgraph/microsoft-graph-docs-contrib; the secret is the subscription's clientState
        microsoft-graph:
          title: Microsoft Graph
          type: token
          signature: "{item.clientState}"
          items: value
          body: json
          handshake:
            - name: validationToken
              when: {query.validationToken: "*"}
              text: "{query.validationToken}"

        # learn.microsoft.com/azure/event-grid [K]; the secret is a query parameter that the subscription's URL has
        event-grid:
          title: Azure Event Grid
          type: token
          query: token
          body: json
          methods: [POST, OPTIONS]
          handshake:
            - name: SubscriptionValidationEvent
              when: {"body[0].eventType": Microsoft.EventGrid.SubscriptionValidationEvent}
              signed: true
              json: {validationResponse: "{body[0].data.validationCode}"}
            - name: WebHook-Request-Origin
              method: OPTIONS
              when: {header.WebHook-Request-Origin: "*"}
              headers:
                WebHook-Allowed-Origin: "{header.WebHook-Request-Origin}"
                WebHook-Allowed-Rate: "*"
                Allow: POST, OPTIONS

        # cloudevents/spec cloudevents/http-webhook.md, sections 3 and 4
        cloudevents:
          title: CloudEvents
          type: token
          header: Authorization
          prefix: "Bearer "
          query: access_token
          id: "{header.ce-id}"
          methods: [POST, OPTIONS]
          handshake:
            - name: WebHook-Request-Origin
              method: OPTIONS
              when: {header.WebHook-Request-Origin: "*"}
              headers:
                WebHook-Allowed-Origin: "{header.WebHook-Request-Origin}"
                WebHook-Allowed-Rate: "*"
                Allow: POST, OPTIONS

        # developer.okta.com/docs/concepts/event-hooks [K]; the secret is the authentication secret of the hook
        okta:
          title: Okta
          type: token
          header: Authorization
          id: "{body.eventId}"
          body: json
          methods: [POST, GET]
          handshake:
            - name: verification
              method: GET
              when: {header.x-okta-verification-challenge: "*"}
              json: {verification: "{header.x-okta-verification-challenge}"}

        # developers.strava.com/docs/webhooks [K]; it signs nothing: the secret is a query parameter of the callback URL
        strava:
          title: Strava
          note: It signs nothing - put a secret into the callback URL, as ?token=…
          type: token
          query: token
          body: json
          methods: [POST, GET]
          handshake:
            - name: hub.challenge
              method: GET
              when: {query.hub.mode: subscribe, query.hub.challenge: "*"}
              token: query.hub.verify_token
              json: {hub.challenge: "{query.hub.challenge}"}

        # RFC 6750, section 2.1
        bearer:
          title: A bearer token
          type: token
          header: Authorization
          prefix: "Bearer "

        # A common habit
        api-key:
          title: An API key
          type: token
          header: X-API-Key

        # RFC 7617
        basic:
          title: Name and password
          type: basic

        # RFC 4632
        ip:
          title: An address that is allowed
          type: ip

        # RFC 7519, RFC 8725
        jwt:
          title: A JSON Web Token
          type: jwt

        # RFC 9421, RFC 9530
        http-signature:
          title: HTTP Message Signatures
          type: http-signature
        """#
}
